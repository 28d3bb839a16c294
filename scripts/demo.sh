#!/usr/bin/env bash
# The main job on this repository's own knowledge base: translate what is missing or stale, build both editions.
# Without an engine it still builds, from the translations in git, and says what it could not translate.
set -u
kb=$1

echo "== translate"
"$kb" translate
code=$?
case $code in
  0) ;;
  3) echo "Some segments could not be translated (listed above). The site is built from what is there." ;;
  *) echo "Translating ended with code $code; the site is built from the translations in git." ;;
esac

echo
echo "== status"
"$kb" status | sed '/^$/q' # the figures per language; the list of articles is long

echo
echo "== build"
"$kb" build || exit $?
echo
echo "Look at it:  make serve   (then open http://127.0.0.1:8000)"
