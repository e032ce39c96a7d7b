"""The story of Đoàn giám sát 133, told through the API by its real accounts; facts from the press, words our own."""
