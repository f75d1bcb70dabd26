package qrate.dmarc;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.dns.DnsClient;
import qrate.message.Field;
import qrate.message.HeaderWords;
import qrate.testkit.DnsServer;

/// DNS with DMARC records, and what is asked of it.
final class Zone implements AutoCloseable {
    final DnsServer server;
    private final DnsClient client;

    Zone() throws IOException {
        server = DnsServer.start();
        client = DnsClient.forgetful(Map.of("QRATE_DNS", server.hostAndPort()));
    }

    /// Puts a record at `_dmarc.` before a domain.
    Zone policy(String domain, String text) {
        server.put("_dmarc." + domain, "TXT", "\"" + text + "\"");
        return this;
    }

    Dmarc dmarc() {
        return new Dmarc(client, InstantSource.system(), _ -> Optional.empty());
    }

    Dmarc dmarc(PolicyOverride exception) {
        return new Dmarc(client, InstantSource.system(), _ -> Optional.of(exception));
    }

    DnsClient client() {
        return client;
    }

    /// Names of TXT questions so far, without the final dot.
    List<String> asked() {
        return server.questions().stream()
                .filter(question -> question.endsWith(" TXT"))
                .map(question -> question.substring(0, question.length() - " TXT".length()))
                .map(name -> name.endsWith(".") ? name.substring(0, name.length() - 1) : name)
                .toList();
    }

    static Field author(String value) {
        return Field.of("From", HeaderWords.bytes(value));
    }

    static Evidence.Spf spf(AuthResult result, String domain) {
        return new Evidence.Spf(result, domain, "helo.example");
    }

    static Evidence.Dkim dkim(AuthResult result, String domain) {
        return new Evidence.Dkim(result, domain, "s1");
    }

    /// A message of one author.
    static Evidence mail(String author, Evidence.Spf spf, Evidence.Dkim... dkim) {
        return new Evidence(List.of(author("Ann <ann@" + author + ">")), spf, Arrays.asList(dkim));
    }

    /// A message of an author whom nobody vouches for.
    static Evidence forged(String author) {
        return mail(author, spf(AuthResult.FAIL, "evil.example"));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
