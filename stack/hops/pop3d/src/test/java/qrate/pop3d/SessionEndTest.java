package qrate.pop3d;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Control;
import qrate.core.Log;
import qrate.testkit.PlainConnection;

/// Ends of a session that are not the client's own.
class SessionEndTest {
    private static final String GREETING = "+OK mail.example.test POP3 ready\r\n";

    @TempDir
    Path root;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private boolean stopping;

    /// What a client says; then nothing more comes.
    private static InputStream then(String said) {
        InputStream left = new ByteArrayInputStream(said.getBytes(StandardCharsets.US_ASCII));
        return new InputStream() {
            @Override
            public int read() throws IOException {
                int b = left.read();
                if (b < 0) {
                    throw new SocketTimeoutException();
                }
                return b;
            }

            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                bytes[offset] = (byte) read();
                return 1;
            }
        };
    }

    /// A client that says something and then nothing more.
    private final class Silent extends PlainConnection {
        Silent(String said) {
            super(then(said), out);
        }

        @Override
        public boolean canStartTls() {
            return true;
        }

        @Override
        public void startTls() {
            throw new IllegalStateException("nobody asked for it");
        }

        @Override
        public boolean stopping() {
            return stopping;
        }
    }

    private String serve(String said, Duration step) throws IOException {
        Box box = new Box(root);
        AtomicLong now = new AtomicLong();
        Pop3d pop3d = new Pop3d(
                box::check,
                new Control(root.resolve("control"), () -> Instant.EPOCH),
                Log.silent(),
                () -> Instant.ofEpochMilli(now.getAndAdd(step.toMillis())));
        pop3d.serve(new Silent(said));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void saysThatItWaitedForTooLong() throws IOException {
        assertEquals(GREETING + "-ERR idle for too long\r\n", serve("", Duration.ZERO));
    }

    @Test
    void givesALoginOnlySoMuchTime() throws IOException {
        assertEquals(GREETING + "-ERR no login in time\r\n", serve("CAPA\r\n", Session.LOGIN_MAX.plusSeconds(1)));
    }

    @Test
    void saysThatTheServerIsStopping() throws IOException {
        stopping = true;
        assertEquals(
                GREETING + "-ERR [SYS/TEMP] the server is stopping, nothing was deleted\r\n",
                serve("NOOP\r\n", Duration.ZERO));
    }

    @Test
    void startsNoTlsAfterUtf8() throws IOException {
        assertEquals(
                GREETING + "+OK UTF8 enabled\r\n-ERR no STLS after UTF8\r\n-ERR idle for too long\r\n",
                serve("UTF8\r\nSTLS\r\n", Duration.ZERO));
    }
}
