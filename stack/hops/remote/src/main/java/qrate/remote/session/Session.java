package qrate.remote.session;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import javax.net.ssl.SSLSession;
import qrate.dns.Hosts;
import qrate.remote.routes.Exchangers;
import qrate.remote.tls.Assurance;
import qrate.remote.tls.Tls;
import qrate.smtp.ReplyReader;
import qrate.smtp.ReplyReader.Reply;
import qrate.tlsrpt.TlsFault;
import qrate.tlsrpt.TlsNote;

/// An SMTP connection that is past its greeting.
final class Session implements AutoCloseable {
    /// Who is at the other end, so that nobody else's connection is reused.
    ///
    /// @param login empty, or the user's name
    /// @param assurance how sure one was of the server when the connection was opened
    record Endpoint(Exchangers.Candidate server, String login, Assurance assurance) {
        /// What its domain is told of a failure, or empty.
        String note(TlsFault.Cause why, InetAddress from) {
            TlsFault.Server with = new TlsFault.Server(server.name(), Hosts.text(server.address()));
            return TlsNote.lines(TlsFault.of(why, with, from), assurance.word(), assurance.published());
        }
    }

    /// The server has no TLS.
    static final TlsFault.Cause WITHOUT = TlsFault.Cause.of(TlsNote.Failure.STARTTLS_NOT_SUPPORTED);

    private final Endpoint endpoint;
    private final DeadlineConnection wire;
    private final Duration patience;
    private ReplyReader replies;
    private Extensions offered = Extensions.none();
    private boolean secured;
    private String protection = "";
    private boolean sure;
    private boolean clear;
    private int transactions;

    Session(Endpoint endpoint, DeadlineConnection wire, Duration patience) {
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

    DeadlineConnection wire() {
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

    /// Whether it is certain who is at the other end.
    boolean sure() {
        return sure;
    }

    /// The lines that say how it is secured, or why not.
    String protection() {
        return protection;
    }

    /// Messages offered on this connection, the one at hand included.
    int transactions() {
        return transactions;
    }

    /// Whether there were others before the one at hand.
    boolean used() {
        return transactions > 1;
    }

    /// In the clear, where the server would have TLS: what it refuses then may be for that reason.
    void inTheClear(TlsFault.Cause why) {
        clear = true;
        protection = note(why);
    }

    /// In the clear, since the server has no TLS.
    void withoutTls() {
        if (!clear) {
            protection = note(WITHOUT);
        }
    }

    /// What the server's domain is told of a failure, or empty.
    String note(TlsFault.Cause why) {
        return endpoint.note(why, from());
    }

    /// This end of it.
    InetAddress from() {
        return wire.from();
    }

    /// Whether a refusal is final: 5yz, unless it only says that it wants TLS, which broke or was not to be.
    boolean permanent(Reply reply) {
        boolean unsecured = clear || (!secured && offered.has("STARTTLS"));
        boolean wantsTls = reply.code() == 530
                || reply.code() == 538
                || reply.lines().stream().anyMatch(line -> line.startsWith("5.7.10 ") || line.startsWith("5.7.11 "));
        return reply.permanent() && !(unsecured && wantsTls);
    }

    /// Whether it cannot serve another message: something is in it that nobody asked for, or a reply broke off.
    boolean disturbed() {
        try {
            return replies.broken() || wire.unread();
        } catch (IOException _) {
            return true;
        }
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

    /// The greeting, for which nobody waits as long as for an answer.
    Reply greeting(Duration most) throws IOException {
        return reply(most);
    }

    /// Sends what was written and reads the next reply.
    Reply reply() throws IOException {
        return reply(patience);
    }

    /// A reply that came although nothing more was sent.
    Reply heard() throws IOException {
        wire.within(patience);
        Reply reply = replies.read();
        wire.relax();
        return reply;
    }

    private Reply reply(Duration time) throws IOException {
        wire.within(time);
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
        SSLSession how = wire.startTls(tls, peer);
        wire.relax();
        replies = new ReplyReader(wire.in());
        offered = Extensions.none();
        secured = true;
        sure = tls.sure(peer);
        String said = "TLS: " + how.getProtocol() + " " + how.getCipherSuite() + ", " + tls.word(peer) + ".\n";
        protection = tls.flaw(peer, how)
                .map(why -> said + note(why))
                .orElseGet(() -> TlsNote.policy(endpoint.assurance.published()) + said);
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
