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

    /// How long a client of whom nothing is known may be silent, at most, whatever the protocol (RFC 5321
    /// §4.5.3.2).
    Duration STRANGER_MAX = Duration.ofMinutes(5);

    /// What would be lost if a connection ended now, least first.
    enum Worth {
        /// nothing that its client could not begin again at no cost
        NOTHING,
        /// a login, or a message that is announced
        WORK,
        /// a message that is coming in
        MESSAGE
    }

    /// Says that the client has come a step forward, and what would be lost now. When a door is full, those who
    /// come
    /// no step forward make room for others.
    default void step(Worth now) {}

    /// From now on reads end after so much time as after {@link #readTimeout}, however often a byte comes.
    default void within(Duration whole) {}

    /// How long one read may wait; a read past it throws {@link java.net.SocketTimeoutException}.
    void readTimeout(Duration wait) throws IOException;

    /// What may be held of the heap for this client, beside the connection's own buffers; asked before a
    /// stranger's
    /// bytes are kept.
    default Budget.Share memory() {
        return Budget.ENDLESS;
    }

    /// Whether the daemon is being stopped: the service says good-bye (SMTP: 421) before the next command.
    default boolean stopping() {
        return false;
    }
}
