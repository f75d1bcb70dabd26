package qrate.migration;

/// The import ends here, as by kill -9; nothing may catch it but the test.
final class Killed extends Error {
    private static final long serialVersionUID = 1L;
}
