package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.directory.Principal;

class AccessTest {
    private static final Map<String, Optional<Principal>> ROLES = Map.of(
            "nobody", Optional.empty(),
            "admin", Optional.of(new Principal.Administrator("admin")),
            "postmaster", Optional.of(new Principal.Postmaster("postmaster@example.test", "example.test")),
            "owner", Optional.of(new Principal.Owner("ann@example.test")));

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource({
        // access, path, nobody, admin, postmaster, owner
        "OPEN,                              , yes, yes, yes, yes",
        "SIGNED_IN,                         , no,  yes, yes, yes",
        "ADMIN,     domain=example.test     , no,  yes, no,  no",
        "DOMAIN,    domain=example.test     , no,  yes, yes, no",
        "DOMAIN,    domain=EXAMPLE.test     , no,  yes, yes, no",
        "DOMAIN,    domain=other.test       , no,  yes, no,  no",
        "DOMAIN,    domain=                 , no,  yes, no,  no",
        "DOMAIN,    address=ann@example.test, no,  yes, yes, no",
        "DOMAIN,    address=ann@other.test  , no,  yes, no,  no",
        "MAILBOX,   address=ann@example.test, no,  yes, yes, yes",
        "MAILBOX,   address=Ann@Example.Test, no,  yes, yes, yes",
        "MAILBOX,   address=bob@example.test, no,  yes, yes, no",
        "MAILBOX,   address=ann@other.test  , no,  yes, no,  no",
        "MAILBOX,   address=ann             , no,  yes, no,  no",
    })
    void allowsEachRoleItsOwnOnly(
            Access access, String path, String nobody, String admin, String postmaster, String owner) {
        Map<String, String> segments = path == null ? Map.of() : Map.of(path.split("=", 2)[0], path.split("=", 2)[1]);
        assertEquals(nobody.equals("yes"), access.allows(ROLES.get("nobody"), segments), "nobody");
        assertEquals(admin.equals("yes"), access.allows(ROLES.get("admin"), segments), "admin");
        assertEquals(postmaster.equals("yes"), access.allows(ROLES.get("postmaster"), segments), "postmaster");
        assertEquals(owner.equals("yes"), access.allows(ROLES.get("owner"), segments), "owner");
    }

    @Test
    void findsARouteByItsWholePathOnly() {
        Router router = new Router();
        router.add("GET", "/domains/{domain}", Access.DOMAIN, _ -> new Reply.Nothing());
        assertEquals(
                Map.of("domain", "example.test"),
                router.find("GET", "/domains/example.test").orElseThrow().path());
        assertTrue(router.find("GET", "/domains").isEmpty());
        assertTrue(router.find("GET", "/domains/a/b").isEmpty());
        assertTrue(router.find("POST", "/domains/a").isEmpty());
        assertFalse(router.methods("/domains/a").isEmpty());
        assertTrue(router.methods("/x").isEmpty());
    }
}
