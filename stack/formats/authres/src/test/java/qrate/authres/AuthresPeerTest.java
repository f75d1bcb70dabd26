package qrate.authres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What Perl's Mail::AuthenticationResults reads of what we write (package libmail-authenticationresults-perl).
@Tag("peer")
@Timeout(60)
class AuthresPeerTest {
    private static final String SCRIPT = """
            use Mail::AuthenticationResults::Parser;
            undef $/;
            my $all = Mail::AuthenticationResults::Parser->new->parse(<STDIN>);
            print $all->value->value, "\\n";
            for my $one (@{$all->search({isa => 'entry'})->children}) {
                print $one->key, '=', $one->value, "\\n";
                print '  ', $_->key, '=', $_->value, "\\n" for @{$one->children};
            }
            """;

    @Test
    void anotherParserReadsTheSame() throws Exception {
        List<MethodResult> results = List.of(
                MethodResult.of("spf", "softfail").with("smtp", "mailfrom", "a+b=c.example@lists.example"),
                MethodResult.of("dkim", "fail")
                        .because("body (or so); changed")
                        .with("header", "d", "example.org")
                        .with("header", "i", "@example.org")
                        .with("header", "b", "ab/c=+"),
                MethodResult.of("dmarc", "none").with("header", "from", "example.org"));
        String text = new AuthenticationResults("mx.example.test", results).text(24);
        assertEquals("""
                mx.example.test
                spf=softfail
                  smtp.mailfrom=a+b=c.example@lists.example
                dkim=fail
                  reason=body (or so); changed
                  header.d=example.org
                  header.i=@example.org
                  header.b=ab/c=+
                dmarc=none
                  header.from=example.org
                """, said(text));
    }

    private static String said(String text) throws IOException, InterruptedException {
        Process perl = new ProcessBuilder("perl", "-e", SCRIPT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var in = perl.outputWriter(UTF_8)) {
            in.write(text);
        }
        String said = new String(perl.getInputStream().readAllBytes(), UTF_8);
        perl.waitFor(30, TimeUnit.SECONDS);
        return said;
    }
}
