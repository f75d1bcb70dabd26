package qrate.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import qrate.core.Connection;

/// A connection without TLS, environment or clock on any two streams, for tests to change what they are about.
public class PlainConnection implements Connection {
    private final InputStream in;
    private final OutputStream out;

    public PlainConnection(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
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
        throw new IOException("no TLS here");
    }

    @Override
    public String cipher() {
        return "";
    }

    @Override
    public void readTimeout(Duration wait) throws IOException {
        // the test is the clock
    }
}
