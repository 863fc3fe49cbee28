//! Git: which commits changed which files.
