"""The results of a run: its rows by the page, questions in SQL, its report, and what it is good for elsewhere.

Two processes: the window shows, a *results job* reads (`job.py` and what it imports: no Qt in it).
"""
