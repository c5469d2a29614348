"""Files of many kinds with a marker planted in every field of metadata they have, and content that has to stay."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from msgspec import Struct
from PIL import Image, PngImagePlugin

MARKER = b"Xq7MarkerZ"
TEXT = MARKER.decode()
CONTENT = bytes(range(1, 251)) * 4
"""What stands for frames: it must come through as it is."""


class Planted(Struct, frozen=True):
    """A file; `content` is what has to stay, of pictures their pixels; None where the file is not to be changed."""

    kind: str
    data: bytes
    content: bytes | None = None


def exif() -> bytes:
    data = Image.Exif()
    data[0x010E] = data[0x013B] = data[0x8298] = TEXT
    gps = data.get_ifd(0x8825)
    gps[1], gps[2] = "N", (48.0, 8.0, 7.0)
    gps[29] = TEXT
    return data.tobytes()


def picture(size: tuple[int, int] = (16, 8)) -> Image.Image:
    return Image.linear_gradient("L").resize(size).convert("RGB")


def saved(kind: str, **how: object) -> bytes:
    stream = io.BytesIO()
    picture().save(stream, kind, **how)
    return stream.getvalue()


XMP = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">' + MARKER + b"</x:xmpmeta>"
)


def jpeg() -> bytes:
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\x0e\x1c\x02\x50\0\x0a" + MARKER
    segment = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
    data = saved("JPEG", exif=exif(), xmp=XMP, comment=MARKER, quality=90)
    return data[:2] + segment + data[2:] + MARKER  # with something behind its end too


def png() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", TEXT)
    texts.add_text("Comment", TEXT, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return saved("PNG", pnginfo=texts, exif=exif())


def gif() -> bytes:
    return saved("GIF", comment=MARKER)


def webp() -> bytes:
    return saved("WEBP", lossless=True, exif=exif(), xmp=XMP)


def avif() -> bytes:
    return saved("AVIF", exif=exif(), xmp=XMP)


def icon(magic: bytes = b"\0\0\1\0") -> bytes:
    data = png()
    return magic + b"\1\0" + struct.pack("<8sII", b"\x10\x08\0\0\0\0\x20\0", len(data), 22) + data + MARKER


def drawing() -> bytes:
    return f"""<?xml version="1.0"?><!-- {TEXT} --><!DOCTYPE svg [<!-- {TEXT} -->]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:v="{TEXT}"
 width="10" height="10"><metadata>{TEXT}</metadata><i:view n="{TEXT}"><i:page>{TEXT}</i:page></i:view>
<style>/* {TEXT} */ rect {{ fill: red }}</style><!-- {TEXT} -->
<rect i:label="{TEXT}" width="5" height="5"/></svg><!-- {TEXT} -->""".encode()


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + name + body


def _track(number: int, handler: bytes, entry: bytes, samples: list[tuple[int, int]]) -> bytes:
    sizes = b"".join(struct.pack(">I", size) for _, size in samples)
    places = b"".join(struct.pack(">I", at) for at, _ in samples)
    table = box(
        b"stbl",
        box(b"stsd", bytes(4), struct.pack(">I", 1), entry),
        box(b"stts", bytes(8)),
        box(b"stsc", bytes(4), struct.pack(">IIII", 1, 1, 1, 1)),
        box(b"stsz", bytes(8), struct.pack(">I", len(samples)), sizes),
        box(b"stco", bytes(4), struct.pack(">I", len(samples)), places),
    )
    media = box(
        b"mdia",
        box(b"mdhd", bytes(4), b"\xdd" * 8, bytes(12)),
        box(b"hdlr", bytes(8), handler, bytes(12), MARKER + b"\0"),
        box(b"minf", box(b"dinf", box(b"dref", bytes(7) + b"\1", box(b"alis", bytes(4), MARKER))), table),
    )
    return box(
        b"trak",
        box(b"tkhd", bytes(4), b"\xdd" * 8, struct.pack(">I", number), bytes(64)),
        box(b"udta", box(b"name", MARKER)),
        media,
        box(b"meta", MARKER),
    )


def film(brand: bytes = b"isom", *, moov_first: bool = True, telemetry: bytes = b"mebx") -> bytes:
    """Write a film of one picture track and one of telemetry, each with two samples; without a brand, an old one."""
    sample, secret = CONTENT[:500], MARKER * 5
    head = box(b"ftyp", brand, bytes(4), b"isom") if brand else b""
    video = struct.pack(">I4s", 86 + 8 + len(MARKER), b"avc1") + bytes(6) + b"\0\1" + bytes(4) + b"appl" + bytes(8)
    video += struct.pack(">HH", 16, 8) + bytes(14) + bytes([len(MARKER)]) + MARKER.ljust(31, b"\0") + b"\0\x18\xff\xff"
    video += box(b"name", MARKER)

    def table(start: int) -> bytes:
        at, shown, hidden = start, [], []
        for _ in range(2):
            shown.append((at, len(sample)))
            hidden.append((at + len(sample), len(secret)))
            at += len(sample) + len(secret)
        return box(
            b"moov",
            box(b"mvhd", bytes(4), b"\xdd" * 8, bytes(88)),
            _track(1, b"vide", video, shown),
            _track(2, b"meta", box(telemetry, bytes(6), b"\0\1", MARKER), hidden),
            box(b"udta", box(b"\xa9xyz", b"+48.1234+011.5678/"), box(b"loci", MARKER), box(b"meta", MARKER)),
            box(b"meta", box(b"keys", MARKER), box(b"ilst", MARKER)),
            box(b"uuid", b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac", XMP),
        )

    content = (sample + secret) * 2
    size = len(table(0))
    behind = box(b"free", MARKER) + box(b"uuid", bytes(16), XMP) + box(b"sefd", MARKER)
    if moov_first:
        return head + table(len(head) + size + 8) + box(b"mdat", content) + behind + b"\0\0\0\0" + MARKER
    return head + box(b"wide") + box(b"mdat", content) + table(len(head) + 16) + behind


def element(number: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    head = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return head + b"\x01" + len(body).to_bytes(7, "big") + body


def matroska(doctype: bytes = b"matroska", *, live: bool = False) -> bytes:
    crc = element(0xBF, b"\xdd\xdd\xdd\xdd")
    info = element(0x1549A966, crc, element(0x2AD7B1, b"\x0f\x42\x40"), *(element(n, MARKER) for n in _INFO))
    track = element(
        0xAE, element(0xD7, b"\1"), element(0x83, b"\1"), element(0x536E, MARKER), element(0x258688, MARKER)
    )
    cluster = element(0x1F43B675, element(0xE7, b"\0"), element(0xA3, b"\x81\0\0\x80" + CONTENT))
    if live:
        cluster = cluster[:4] + b"\x01" + b"\xff" * 7 + cluster[12:]
    tags = element(0x1254C367, element(0x7373, element(0x67C8, element(0x45A3, MARKER), element(0x4487, MARKER))))
    files = element(0x1941A469, element(0x61A7, element(0x466E, MARKER), element(0x465C, MARKER * 30)))
    chapters = element(0x1043A770, element(0x85, MARKER))
    seek = element(0x114D9B74, element(0x4DBB, element(0x53AB, b"\x12\x54\xc3\x67"), element(0x53AC, b"\0")))
    content = seek + info + element(0x1654AE6B, track) + tags + cluster + files + chapters + element(0xEC, MARKER)
    segment = b"\x18\x53\x80\x67\x01" + (b"\xff" * 7 if live else len(content).to_bytes(7, "big"))
    return element(0x1A45DFA3, element(0x4282, doctype)) + segment + content


_INFO = (0x7BA9, 0x4461, 0x4D80, 0x5741, 0x7384)


def _page(serial: int, number: int, flags: int, *packets: bytes) -> bytes:
    lacing = b"".join(b"\xff" * (len(each) // 255) + bytes([len(each) % 255]) for each in packets)
    head = b"OggS\0" + bytes([flags]) + bytes(8) + struct.pack("<II", serial, number) + bytes(4)
    return head + bytes([len(lacing)]) + lacing + b"".join(packets)


def _comments(head: bytes, tail: bytes = b"") -> bytes:
    one = b"ARTIST=" + MARKER
    sized = struct.pack("<I", len(MARKER)) + MARKER + struct.pack("<II", 1, len(one)) + one
    return head + sized + tail


def ogg(codec: str = "vorbis") -> bytes:
    first, second = {
        "vorbis": (b"\x01vorbis" + bytes(23), _comments(b"\x03vorbis", b"\1")),
        "opus": (b"OpusHead" + bytes(11), _comments(b"OpusTags")),
        "flac": (b"\x7fFLAC\1\0\0\1fLaC" + bytes(38), b"\x84\0\0\x27" + _comments(b"")),
        "theora": (b"\x80theora" + bytes(35), _comments(b"\x81theora")),
    }[codec]
    return _page(7, 0, 2, first) + _page(7, 1, 0, second, b"\x05setup") + _page(7, 2, 4, CONTENT) + MARKER


def flac() -> bytes:
    comments = _comments(b"")
    art = b"\x06\0\0" + bytes([len(MARKER)]) + MARKER
    blocks = b"\0\0\0\x22" + bytes(34) + b"\x04\0\0" + bytes([len(comments)]) + comments + art
    return id3() + b"fLaC" + blocks + b"\x82\0\0" + bytes([len(MARKER)]) + MARKER + b"\xff\xf8" + CONTENT + ID3V1


def id3() -> bytes:
    frame = b"TPE1" + struct.pack(">I", len(MARKER) + 1) + b"\0\0\3" + MARKER
    return b"ID3\4\0\0\0\0\0" + bytes([len(frame)]) + frame


ID3V1 = b"TAG" + MARKER.ljust(125, b"\0")
APE = b"APETAGEX\xd0\7\0\0" + struct.pack("<III", 32 + len(MARKER), 1, 0x80000000) + bytes(8)
FRAME = b"\xff\xfb\x90\x00" + bytes([0x55]) * 413  # 128 kbit/s, 44,100 Hz: 417 bytes


def mp3() -> bytes:
    ape = APE + MARKER + APE
    return id3() + id3() + FRAME * 3 + id3() + FRAME * 3 + MARKER + ape + ID3V1


def aac() -> bytes:
    frame = b"\xff\xf1\x50\x80" + bytes([64 >> 3, (64 & 7) << 5 | 0x1F, 0xFC]) + b"\x55" * 57
    return id3() + frame * 4 + ID3V1


def riff(form: bytes, *chunks: bytes) -> bytes:
    body = form + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def chunk(name: bytes, body: bytes, order: str = "<") -> bytes:
    return name + struct.pack(f"{order}I", len(body)) + body + b"\0" * (len(body) & 1)


def wav() -> bytes:
    info = chunk(b"LIST", b"INFO" + chunk(b"IART", MARKER))
    own = [chunk(name, MARKER) for name in (b"bext", b"iXML", b"id3 ", b"_PMX", b"junk")]
    return riff(b"WAVE", chunk(b"fmt ", bytes(16)), info, chunk(b"data", CONTENT), *own) + MARKER


def avi() -> bytes:
    stream = chunk(b"LIST", b"strl" + chunk(b"strh", bytes(56)) + chunk(b"strf", bytes(40)) + chunk(b"strn", MARKER))
    head = chunk(b"LIST", b"hdrl" + chunk(b"avih", bytes(56)) + stream + chunk(b"IDIT", MARKER))
    info = chunk(b"LIST", b"INFO" + chunk(b"ISFT", MARKER))
    return riff(b"AVI ", head, info, chunk(b"LIST", b"movi" + chunk(b"00dc", CONTENT)), chunk(b"exif", MARKER)) + MARKER


def aiff() -> bytes:
    body = b"AIFF" + chunk(b"COMM", bytes(18), ">") + chunk(b"NAME", MARKER, ">") + chunk(b"SSND", CONTENT, ">")
    body += chunk(b"ANNO", MARKER, ">") + chunk(b"ID3 ", MARKER, ">")
    return b"FORM" + struct.pack(">I", len(body)) + body


def packed(members: dict[str, bytes], comment: bytes = MARKER) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2020, 1, 2, 3, 4, 6))
            info.comment = comment
            package.writestr(info, data, zipfile.ZIP_DEFLATED)
        package.comment = comment
    return stream.getvalue()


_PROPERTIES = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def office(folder: str = "word") -> bytes:
    part = {"word": "word/document.xml", "xl": "xl/workbook.xml", "ppt": "ppt/presentation.xml"}[folder]
    paths = f'<x:absPath xmlns:x="urn:x" url="C:/Users/{TEXT}"/>' if folder == "xl" else ""
    return packed(
        {
            "[Content_Types].xml": b'<Types xmlns="urn:t"><Override PartName="/docProps/thumbnail.jpeg"/></Types>',
            "_rels/.rels": (
                f'<Relationships><Relationship Id="1" Type="{_PROPERTIES}" Target="other/core7.xml"/>'
                f'<Relationship Id="2" Type="{_RELATIONS}/metadata/thumbnail" Target="docProps/thumbnail.jpeg"/>'
                "</Relationships>"
            ).encode(),
            "other/core7.xml": f'<c xmlns:dc="urn:dc"><dc:creator>{TEXT}</dc:creator></c>'.encode(),
            "docProps/app.xml": f"<P><Company>{TEXT}</Company><Template>{TEXT}</Template></P>".encode(),
            "docProps/custom.xml": f'<Properties><property name="{TEXT}"/></Properties>'.encode(),
            "docProps/thumbnail.jpeg": jpeg(),
            part: f"<w>{paths}<t>{'Content ' * 30}</t></w>".encode(),
            "word/settings.xml": b'<s><attachedTemplate id="r1"/></s>',
            "word/_rels/settings.xml.rels": (
                f'<Relationships><Relationship Id="r1" Type="{_RELATIONS}/attachedTemplate" '
                f'Target="file:///C:/{TEXT}.dotx" TargetMode="External"/></Relationships>'
            ).encode(),
            f"{folder}/media/image1.jpeg": jpeg(),
            f"{folder}/media/film.bin": film(),
            "customXml/item1.xml": (
                f'<p xmlns="http://schemas.microsoft.com/office/2006/metadata/properties"><a>{TEXT}</a></p>'
            ).encode(),
            f"{folder}/embeddings/inner.docx": packed(
                {"[Content_Types].xml": b"<Types/>", "docProps/app.xml": b"<P>" + MARKER + b"</P>"}
            ),
            "xl/printerSettings/printerSettings1.bin": MARKER.decode().encode("utf-16-le").ljust(64, b"\0") + b"rest",
        }
    )


def opendocument() -> bytes:
    meta = f'<d xmlns="urn:o" version="1.2"><meta><creator>{TEXT}</creator></meta></d>'
    setting = f'<s xmlns:c="urn:c"><config-item c:name="PrinterName">{TEXT}</config-item></s>'
    return packed(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": b"<d>Content</d>",
            "meta.xml": meta.encode(),
            "settings.xml": setting.encode(),
            "Thumbnails/thumbnail.png": png(),
            "Pictures/1.jpg": jpeg(),
            "META-INF/manifest.xml": b'<m><file-entry full-path="Thumbnails/thumbnail.png"/></m>',
        }
    )


def pdf() -> bytes:
    import pikepdf

    document = pikepdf.new()
    page = document.add_blank_page(page_size=(100, 100))
    page.obj.Contents = document.make_stream(b"0 0 10 10 re f % content")
    page.obj.PieceInfo = pikepdf.Dictionary(X=pikepdf.Dictionary(Private=pikepdf.String(TEXT)))
    page.obj.Thumb = document.make_stream(MARKER)
    page.obj.LastModified = pikepdf.String(TEXT)
    photo = document.make_stream(jpeg(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=16, Height=8)
    photo.Filter = pikepdf.Name.DCTDecode
    photo.Metadata = document.make_stream(XMP)
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=photo))
    document.Root.Metadata = document.make_stream(XMP, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    document.docinfo["/Author"] = document.docinfo["/Title"] = pikepdf.String(TEXT)
    document.docinfo[f"/{TEXT}"] = pikepdf.String(TEXT)
    stream = io.BytesIO()
    document.save(stream, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return stream.getvalue()


def all_files() -> Iterator[tuple[str, Planted]]:
    """List the files that can be cleaned: (name, file)."""
    pictures = {"jpeg": jpeg(), "png": png(), "gif": gif(), "webp": webp(), "avif": avif(), "svg": drawing()}
    endings = {
        "jpeg": (
            "a.jpg",
            "b.JPEG",
            "c.mpo",
            "d.jpg_large",
            "e.jif",
            "f.bin",
            "none",
            "h.jpg.bak",
            "i.mp4",
            "k.pdf",
            "l.txt",
        ),
        "png": ("a.png", "b.PNG", "c.dat", "png-none", "d.json"),
        "gif": ("a.gif", "b.data", "gif-none"),
        "webp": ("a.webp", "b.wp", "webp-none"),
        "avif": ("a.avif", "b.heif_", "avif-none"),
        "svg": ("a.svg", "b.xml", "svg-none"),
    }
    for kind, names in endings.items():
        for name in names:
            yield name, Planted(kind, pictures[kind])
    yield "a.ico", Planted("ico", icon())
    yield "a.cur", Planted("cur", icon(b"\0\0\2\0"))
    sample = CONTENT[:500]
    yield from ((name, Planted("mp4", film(), sample)) for name in ("a.mp4", "b.M4V", "c.xyz", "mp4-none"))
    yield "a.mov", Planted("mov", film(b"qt  ", moov_first=False, telemetry=b"gpmd"), sample)
    yield "b.mov", Planted("mov", film(b"", moov_first=False), sample)
    yield "a.m4a", Planted("m4a", film(b"M4A ", telemetry=b"camm"), sample)
    yield from ((name, Planted("matroska", matroska(), CONTENT)) for name in ("a.mkv", "b.film"))
    yield from ((name, Planted("webm", matroska(b"webm", live=True), CONTENT)) for name in ("a.webm", "b.weba"))
    for codec in ("vorbis", "opus", "flac", "theora"):
        yield f"{codec}.ogg", Planted(f"ogg-{codec}", ogg(codec), CONTENT)
    yield from ((name, Planted("flac", flac(), CONTENT)) for name in ("a.flac", "flac-none"))
    yield from ((name, Planted("mp3", mp3(), FRAME * 6)) for name in ("a.mp3", "b.MP3", "c.mpga", "mp3-none"))
    yield "mp3-late", Planted("mp3", bytes(500) + FRAME * 4 + ID3V1, FRAME * 4)
    yield "a.aac", Planted("aac", aac(), b"\x55" * 57)
    yield from ((name, Planted("wav", wav(), CONTENT)) for name in ("a.wav", "b.wave"))
    yield "a.avi", Planted("avi", avi(), CONTENT)
    yield "a.aiff", Planted("aiff", aiff(), CONTENT)
    for name, folder in (
        ("a.docx", "word"),
        ("a.xlsx", "xl"),
        ("a.pptx", "ppt"),
        ("b.dotx", "word"),
        ("docx-none", "word"),
    ):
        yield name, Planted(f"office-{folder}", office(folder))
    yield "a.odt", Planted("odf", opendocument())
    yield "a.ods", Planted("odf", opendocument())
    yield from ((name, Planted("pdf", pdf(), b"0 0 10 10 re f % content")) for name in ("a.pdf", "b.ai", "pdf-none"))


def unpacked(data: bytes) -> bytes:
    """Give a file's bytes and, of what is packed in it, the content: where a marker could hide."""
    whole = [data]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            whole += [unpacked(package.read(name)) for name in package.namelist()]
    if data.startswith(b"%PDF"):
        for part in data.split(b"stream\n")[1:]:
            try:
                whole.append(zlib.decompressobj().decompress(part))
            except zlib.error:
                continue
    return b"\0".join(whole)
