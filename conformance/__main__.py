"""`python -m conformance` is `bwp-conformance`."""

from conformance.cli import main

if __name__ == "__main__":
    main()
