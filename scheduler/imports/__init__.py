"""Reading files that people bring along: bytes in, frozen records out.

What comes in was written by others, so it is read in a child process with little time, little memory and no way to
speak to anyone (``process``).  Nothing of a file is kept, and no address in it is ever opened.
"""
