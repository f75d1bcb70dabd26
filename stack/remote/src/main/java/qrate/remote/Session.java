package qrate.remote;

import java.io.IOException;
import java.time.Duration;
import qrate.smtp.ReplyReader;
import qrate.smtp.ReplyReader.Reply;

/// An SMTP connection that is past its greeting.
final class Session implements AutoCloseable {
    /// Who is at the other end, so that nobody else's connection is reused.
    ///
    /// @param login empty, or the user's name
    record Endpoint(Exchangers.Candidate server, String login) {}

    private final Endpoint endpoint;
    private final Wire wire;
    private final Duration patience;
    private ReplyReader replies;
    private Extensions offered = Extensions.none();
    private boolean secured;
    private int transactions;

    Session(Endpoint endpoint, Wire wire, Duration patience) {
        this.endpoint = endpoint;
        this.wire = wire;
        this.patience = patience;
        replies = new ReplyReader(wire.in());
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /// The server's address as it stands in texts.
    String address() {
        return Hosts.text(endpoint.server().address());
    }

    Wire wire() {
        return wire;
    }

    Extensions offered() {
        return offered;
    }

    void offered(Extensions extensions) {
        offered = extensions;
    }

    boolean secured() {
        return secured;
    }

    /// Messages offered on this connection before.
    int transactions() {
        return transactions;
    }

    void countTransaction() {
        transactions++;
    }

    /// How long the server may take to answer.
    Duration patience() {
        return patience;
    }

    /// Writes a command, flushed with the next reply.
    void write(String command) throws IOException {
        wire.within(patience);
        wire.out().write(Outgoing.bytes(command));
    }

    /// Sends what was written and reads the next reply.
    Reply reply() throws IOException {
        wire.within(patience);
        wire.out().flush();
        Reply reply = replies.read();
        wire.relax();
        return reply;
    }

    /// One command, one reply.
    Reply command(String command) throws IOException {
        write(command);
        return reply();
    }

    /// Goes over to TLS; what the server offered before is forgotten (RFC 3207 §4.2).
    void startTls(Tls tls, Tls.Peer peer, Duration handshake) throws IOException {
        wire.within(handshake);
        wire.startTls(tls, peer);
        wire.relax();
        replies = new ReplyReader(wire.in());
        offered = Extensions.none();
        secured = true;
    }

    /// Says good-bye and closes, without waiting for an answer.
    void quit() {
        try {
            write("QUIT");
            wire.out().flush();
        } catch (IOException _) {
            // gone already
        }
        close();
    }

    @Override
    public void close() {
        wire.close();
    }
}
