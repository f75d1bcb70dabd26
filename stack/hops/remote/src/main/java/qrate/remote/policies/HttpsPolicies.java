package qrate.remote.policies;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import qrate.dns.Dns;
import qrate.mtasts.StsPolicy;
import qrate.remote.session.Connector;
import qrate.remote.tls.Authorities;
import qrate.remote.tls.Tls;

/// Fetches `https://mta-sts.DOMAIN/.well-known/mta-sts.txt` (RFC 8461 §3.3), a connection a policy.
///
/// Not by the JDK's own clients: they resolve names without `QRATE_DNS`, and none bounds a whole exchange.
public final class HttpsPolicies implements PolicyFetcher {
    /// How long it may take from the connection on; with the name and two connections before it a minute (RFC 8461
    /// §3.3).
    static final Duration EXCHANGE_MAX = Duration.ofSeconds(20);

    /// How long connecting to one address may take.
    static final Duration CONNECT_MAX = Duration.ofSeconds(5);

    /// Addresses tried at most.
    static final int ADDRESSES_MAX = 2;

    private static final int PORT = 443;

    private final Dns dns;
    private final Connector connector;
    private final Authorities authorities;
    private final Duration exchangeMax;

    public HttpsPolicies(Dns dns, Connector connector, Authorities authorities) {
        this(dns, connector, authorities, EXCHANGE_MAX);
    }

    HttpsPolicies(Dns dns, Connector connector, Authorities authorities, Duration exchangeMax) {
        this.dns = dns;
        this.connector = connector;
        this.authorities = authorities;
        this.exchangeMax = exchangeMax;
    }

    @Override
    public byte[] fetch(String domain) throws IOException {
        String host = "mta-sts." + domain;
        List<InetAddress> addresses = switch (dns.addresses(host)) {
            case Dns.Answer.Found<InetAddress>(var all) ->
                all.stream().limit(ADDRESSES_MAX).toList();
            case Dns.Answer.Failed<InetAddress>(var why) -> throw new IOException(why);
            case Dns.Answer.NoSuchName<InetAddress> _, Dns.Answer.NoData<InetAddress> _ ->
                throw new IOException(host + " has no address");
        };
        IOException last = new IOException("no address");
        for (InetAddress address : addresses) {
            Socket raw;
            try {
                raw = connector.connect(new InetSocketAddress(address, PORT), CONNECT_MAX);
            } catch (IOException e) {
                last = new IOException("no connection to " + host, e);
                continue;
            }
            return within(raw, host);
        }
        throw last;
    }

    private byte[] within(Socket raw, String host) throws IOException {
        AtomicBoolean late = new AtomicBoolean();
        Thread guard = Thread.ofVirtual().name("mta-sts-guard").start(() -> {
            try {
                Thread.sleep(exchangeMax);
                late.set(true);
                raw.close();
            } catch (InterruptedException | IOException _) {
                // it ended before, or is closed already
            }
        });
        try (raw) {
            return exchange(raw, host);
        } catch (IOException e) {
            throw new IOException(late.get() ? "it took too long" : Tls.words(e), e);
        } finally {
            guard.interrupt();
        }
    }

    private byte[] exchange(Socket raw, String host) throws IOException {
        SSLSocket secured = authorities.over(raw, host, PORT);
        secured.startHandshake();
        String request = "GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: " + host
                + "\r\nUser-Agent: Qrate\r\nAccept: text/plain\r\nConnection: close\r\n\r\n";
        OutputStream out = secured.getOutputStream();
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return HttpAnswer.read(new BufferedInputStream(secured.getInputStream()), StsPolicy.BYTES_MAX);
    }
}
