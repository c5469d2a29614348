"""What a release consists of besides the wheel: its documentation site, manual pages, completions and licences."""
