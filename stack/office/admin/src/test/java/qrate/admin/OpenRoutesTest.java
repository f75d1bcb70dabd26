package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What the table of routes says of who may.
class OpenRoutesTest extends AdminOnRig {
    /// Routes of pages and of the API that ask for nobody; whoever adds one says so here.
    private static final Set<String> OPEN = Set.of(
            "GET /",
            "GET /.well-known/mta-sts.txt",
            "GET /api/v1/openapi.json",
            "GET /comfort.js",
            "GET /forgotten",
            "GET /forgotten/new",
            "GET /healthz",
            "GET /metrics",
            "GET /passkeys.js",
            "GET /sign-in",
            "GET /sign-in/code",
            "GET /status.json",
            "GET /style.css",
            "POST /forgotten",
            "POST /forgotten/new",
            "POST /language",
            "POST /sign-in",
            "POST /sign-in/code",
            "POST /sign-in/passkey");

    @Test
    void whatNamesADomainOrAMailboxAsksWhoseItIsAndWhatIsOpenIsNamedHere() throws IOException {
        Set<String> open = new TreeSet<>();
        for (Router.Route route : rig.routes()) {
            boolean link = route.door() == Router.Door.LINK; // the link says whose
            boolean whose = Paths.whose(route);
            boolean asks = route.access() != Access.OPEN && route.access() != Access.SIGNED_IN;
            assertTrue(asks || !whose || link, route.toString());
            assertTrue(
                    whose || (route.access() != Access.DOMAIN && route.access() != Access.MAILBOX), route.toString());
            if (route.access() == Access.OPEN && !link) {
                open.add(route.method() + " " + route.path());
            }
        }
        assertEquals(new TreeSet<>(OPEN), open);
    }
}
