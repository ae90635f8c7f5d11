"""The kernel: every act on a case goes through one door."""
