package qrate.core;

import java.io.IOException;
import java.util.function.Consumer;

/// Says in a log what fails again and again once: anew only when it fails otherwise, or after it went well. For one
/// thread at a time.
public final class SaidOnce {
    private final Consumer<String> log;
    private String said = "";

    /// @param log takes a line
    public SaidOnce(Consumer<String> log) {
        this.log = log;
    }

    /// It fails.
    public void say(String line) {
        if (!line.equals(said)) {
            said = line;
            log.accept(line);
        }
    }

    /// The same of an exception: its message, where it is one that happens, else what it is, too.
    ///
    /// @param about stands in front
    public void say(String about, Exception e) {
        say(about + (e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString()));
    }

    /// It went well.
    public void well() {
        said = "";
    }
}
