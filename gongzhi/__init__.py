"""Gongzhi 共治: municipal social governance, from the first report to the verified end."""
