package qrate.migration;

/// Hears of each change just before it is made and just after; a test ends the import at any of them.
@FunctionalInterface
interface Steps {
    /// One is at hand, or made.
    void at(String what);

    /// Nobody hears.
    static Steps unheard() {
        return _ -> {};
    }
}
