"""The data that outlives a build: converted bodies, cleaned pictures, the list of written files, and the output.

Its modules are imported one by one: most commands write a file, and few open the state.
"""
