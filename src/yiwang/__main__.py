# SPDX-License-Identifier: Apache-2.0
"""`python -m yiwang` is the command `yiwang`."""

from yiwang.conf.cli import main

if __name__ == "__main__":
    main()
