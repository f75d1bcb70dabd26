package qrate.qcontrol;

import java.util.Locale;

/// The two ways out of the queue (qmail-send(8)).
public enum Channel {
    /// to qmail-lspawn
    LOCAL,
    /// to qmail-rspawn
    REMOTE;

    /// As it stands in the log: `local`, `remote`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
