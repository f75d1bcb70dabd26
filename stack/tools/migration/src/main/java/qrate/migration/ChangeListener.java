package qrate.migration;

import java.io.IOException;

/// Hears of each change just before it is made and just after; a test ends the import at any of them, or fails it as a
/// full disk does.
@FunctionalInterface
interface ChangeListener {
    /// One is at hand, or made.
    void at(String what) throws IOException;

    /// Nobody hears.
    static ChangeListener unheard() {
        return _ -> {};
    }
}
