package qrate.vpopmail;

import java.io.IOException;

/// Another process, as a rule the admin service, has the database open.
public final class DatabaseInUse extends IOException {
    private static final long serialVersionUID = 1L;

    DatabaseInUse(Throwable cause) {
        super("the database is open in another process", cause);
    }
}
