package qrate.core;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;

/// The connection of a program that a superserver started: descriptors 0 and 1, the TCP environment from the process.
///
/// There is no TLS on descriptors, and no time limit but the one of whoever made them.
///
/// @param in buffered
/// @param out buffered
public record Descriptors(InputStream in, OutputStream out, Map<String, String> environment) implements Connection {
    /// Of a program's own streams.
    public static Descriptors of(Program.Stdio stdio) {
        return new Descriptors(
                new BufferedInputStream(stdio.in()), new BufferedOutputStream(stdio.out()), stdio.environment());
    }

    @Override
    public boolean secured() {
        return false;
    }

    @Override
    public boolean canStartTls() {
        return false;
    }

    @Override
    public void startTls() throws IOException {
        throw new IOException("no TLS on descriptors");
    }

    @Override
    public String cipher() {
        return "";
    }

    @Override
    public void readTimeout(Duration wait) {
        // a descriptor has none
    }
}
