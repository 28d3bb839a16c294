"""The reviewer's page: a small web server for one person on their own machine.

It shows what `kbtool.commands` knows, and asks the same commands to write.
"""
