package qrate.smtpd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import qrate.core.Connection;

/// A connection with more in its environment, as a rule would set it.
record WithEnvironment(Connection inner, Map<String, String> more) implements Connection {
    @Override
    public InputStream in() {
        return inner.in();
    }

    @Override
    public OutputStream out() {
        return inner.out();
    }

    @Override
    public Map<String, String> environment() {
        Map<String, String> all = new HashMap<>(inner.environment());
        all.putAll(more);
        return all;
    }

    @Override
    public boolean secured() {
        return inner.secured();
    }

    @Override
    public boolean canStartTls() {
        return inner.canStartTls();
    }

    @Override
    public void startTls() throws IOException {
        inner.startTls();
    }

    @Override
    public String cipher() {
        return inner.cipher();
    }

    @Override
    public void readTimeout(Duration wait) throws IOException {
        inner.readTimeout(wait);
    }

    @Override
    public boolean stopping() {
        return inner.stopping();
    }
}
