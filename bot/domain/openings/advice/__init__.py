"""Advice before an opening goes out: what the law asks for, and what keeps good people away.

It is for the person who posts, and never legal advice: nothing is refused because of it.
"""
