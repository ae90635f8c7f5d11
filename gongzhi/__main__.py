"""`python -m gongzhi` is the command line."""

from gongzhi.site.cli import main

main()
