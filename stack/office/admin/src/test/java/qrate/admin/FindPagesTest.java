package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;

/// Where an administrator comes to who looks for something by its name.
class FindPagesTest extends AdminOnRig {
    @BeforeAll
    static void fill() throws IOException {
        rig.domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
        rig.domains.apply(new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", "ann@example.test")));
    }

    private static HttpResponse<String> find(String login, String what) throws IOException {
        return rig.browser().signIn(login).get("/find?q=" + URLEncoder.encode(what, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "ann@example.test, /mailboxes/ann%40example.test",
        "' Ann@EXAMPLE.test ', /mailboxes/ann%40example.test",
        "ann@alias.test, /mailboxes/ann%40example.test",
        "sales@example.test, /domains/example.test/aliases?q=sales",
        "sales@alias.test, /domains/example.test/aliases?q=sales",
        "an@example.test, /domains/example.test?q=an",
        "example.test, /domains/example.test",
        "alias.test, /domains/alias.test",
        "exam, /domains?q=exam",
        "ann@exam, /domains?q=exam",
        "<b>, /domains?q=%3Cb%3E",
        "'', /domains?q=",
        "@, /domains?q="
    })
    void leadsToItsPageOrToWhatIsCalledMuchLikeIt(String what, String where) throws IOException {
        HttpResponse<String> found = find("admin", what);
        assertEquals(303, found.statusCode());
        assertEquals(where, found.headers().firstValue("Location").orElse(""));
    }

    @Test
    void isForAdministratorsAlone() throws IOException {
        assertEquals(403, find("postmaster@example.test", "ann@example.test").statusCode());
        assertEquals(403, find("ann@example.test", "ann@example.test").statusCode());
    }
}
