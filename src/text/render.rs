//! How diagnostics look on a terminal: source line, caret, related places and help.
