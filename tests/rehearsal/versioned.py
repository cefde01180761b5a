"""The command fanmill under another version: its processes sign in with REHEARSAL_VERSION."""

import os

import fanmill

fanmill.__version__ = os.environ["REHEARSAL_VERSION"]

from fanmill.__main__ import main  # noqa: E402  modules below read the version when they load

if __name__ == "__main__":
    main()
