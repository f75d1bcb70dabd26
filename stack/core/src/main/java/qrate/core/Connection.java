package qrate.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;

/// An accepted connection as a daemon behind tcpserver sees it: two streams and the TCP environment (tcp-environ(5)).
public interface Connection {
    /// What the client sends; buffered, and the same object until {@link #startTls()}.
    InputStream in();

    /// What goes to the client; buffered, so that a pipelined batch of replies leaves in one segment: flush before
    /// reading.
    OutputStream out();

    /// PROTO, TCPLOCALIP, TCPLOCALPORT, TCPREMOTEIP, TCPREMOTEPORT and so on, with the variables that tcprules set
    /// (RELAYCLIENT, DATABYTES, RBLSMTPD …). Never changes.
    Map<String, String> environment();

    /// Whether TLS protects the connection now; true from the start on 465 and 995.
    boolean secured();

    /// Whether {@link #startTls()} can work: a certificate is configured and TLS is not on yet.
    boolean canStartTls();

    /// Does the server side of a TLS handshake; afterwards {@link #in()} and {@link #out()} are new streams.
    ///
    /// @throws IOException when the handshake fails, or when anything the client sent ahead of it waits in the
    ///     buffer
    ///     (CVE-2011-0411): the connection must be closed then
    void startTls() throws IOException;

    /// Protocol and cipher for the Received line (`TLSv1.3 TLS_AES_256_GCM_SHA384`), or empty without TLS.
    String cipher();

    /// How long one read may wait; a read past it throws {@link java.net.SocketTimeoutException}.
    void readTimeout(Duration wait) throws IOException;

    /// Whether the daemon is being stopped: the service says good-bye (SMTP: 421) before the next command.
    default boolean stopping() {
        return false;
    }
}
