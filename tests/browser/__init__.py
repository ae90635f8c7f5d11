"""Real Chromium on real pages: phone and desktop, both languages, axe."""
