package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.directory.Edit;

/// What strangers are told who ask how to set a mail program up.
class SetUpDoorTest extends AdminOnRig {
    private static final String AUTODISCOVER = "/autodiscover/autodiscover.xml";

    @BeforeAll
    static void name() throws IOException {
        Files.writeString(rig.state.control().resolve("me"), "Mail.example.test\n");
        rig.domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
    }

    /// Each test has a whole budget.
    @BeforeEach
    void nextMinute() {
        rig.later(Duration.ofMinutes(1));
    }

    private static String profile(String address) {
        return SetUpDoor.pathOf(SetUpDoor.PROFILE, address);
    }

    private static HttpResponse<String> get(String path) throws IOException {
        return rig.send(HttpRequest.newBuilder(URI.create(rig.url() + path)).GET());
    }

    /// A request for a name that is not this machine's.
    private static String raw(String path, String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", rig.admin.address().getPort())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))
                    .lines()
                    .collect(Collectors.joining("\n"));
        }
    }

    private static String question(String address, String schema) {
        return "<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006\">"
                + "<Request><EMailAddress>" + address + "</EMailAddress><AcceptableResponseSchema>"
                + "http://schemas.microsoft.com/exchange/autodiscover/" + schema
                + "</AcceptableResponseSchema></Request></Autodiscover>";
    }

    private static HttpResponse<String> ask(String path, String body) throws IOException {
        return rig.send(HttpRequest.newBuilder(URI.create(rig.url() + path))
                .header("Content-Type", "text/xml")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> outlook(String address) throws IOException {
        return ask(AUTODISCOVER, question(address, "outlook/responseschema/2006a"));
    }

    @Test
    void thunderbirdAsksWithAnAddressOrByTheNameOfTheHost() throws IOException {
        for (String path : List.of("/mail/config-v1.1.xml", "/.well-known/autoconfig/mail/config-v1.1.xml")) {
            HttpResponse<String> answer = get(path + "?emailaddress=ann%40Example.Test");
            assertEquals(200, answer.statusCode(), path);
            assertEquals(
                    "text/xml; charset=utf-8",
                    answer.headers().firstValue("Content-Type").orElse(""));
            assertTrue(answer.body().contains("<hostname>mail.example.test</hostname>"), answer.body());
            assertTrue(answer.body().contains("<domain>example.test</domain>"), answer.body());
            assertFalse(answer.body().contains("ann"), answer.body());
            assertTrue(answer.headers().firstValue("Set-Cookie").isEmpty());
        }
        for (String host : List.of("autoconfig.example.test", "AUTOCONFIG.Example.Test:443", "example.test")) {
            assertTrue(raw("/mail/config-v1.1.xml", host).startsWith("HTTP/1.1 200"), host);
        }
        assertTrue(get("/mail/config-v1.1.xml?emailaddress=ann%40alias.test")
                .body()
                .contains("<domain>alias.test<"));
    }

    @Test
    void outlookAsksInEachSpellingOfThePath() throws IOException {
        for (String path : List.of(AUTODISCOVER, "/Autodiscover/Autodiscover.xml", "/AutoDiscover/AutoDiscover.xml")) {
            HttpResponse<String> answer = ask(path, question("Ann@Example.TEST", "outlook/responseschema/2006a"));
            assertEquals(200, answer.statusCode(), path);
            assertTrue(answer.body().contains("<LoginName>ann@example.test</LoginName>"), answer.body());
            assertTrue(answer.body().contains("<Server>mail.example.test</Server>"), answer.body());
        }
        HttpResponse<String> looked = get(AUTODISCOVER);
        assertEquals(200, looked.statusCode());
        assertTrue(looked.body().contains("<ErrorCode>600</ErrorCode>"), looked.body());
    }

    @Test
    void whatIsNoQuestionForSettingsIsSaidSoAsOutlookReadsIt() throws IOException {
        HttpResponse<String> telephone =
                ask(AUTODISCOVER, question("ann@example.test", "mobilesync/responseschema/2006"));
        assertTrue(telephone.body().contains("<ErrorCode>601</ErrorCode>"), telephone.body());
        for (String body : List.of("", "x", "<!DOCTYPE a [<!ENTITY b \"c\">]><Autodiscover>&b;</Autodiscover>")) {
            HttpResponse<String> answer = ask(AUTODISCOVER, body);
            assertEquals(200, answer.statusCode());
            assertTrue(answer.body().contains("<ErrorCode>600</ErrorCode>"), answer.body());
        }
    }

    @Test
    void newerProgramsAreToldWhereToAsk() throws IOException {
        for (String path : List.of(
                "/autodiscover/autodiscover.json?Email=ann%40example.test&Protocol=Autodiscoverv1",
                "/autodiscover/autodiscover.json/v1.0/ann%40example.test?Protocol=AutodiscoverV1&RedirectCount=1")) {
            HttpResponse<String> answer = get(path);
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals(
                    "{\"Protocol\":\"Autodiscoverv1\",\"Url\":\"https://mail.example.test" + AUTODISCOVER + "\"}",
                    answer.body());
        }
        String path = "/autodiscover/autodiscover.json?Email=ann%40example.test&Protocol=";
        assertTrue(raw(path + "Autodiscoverv1", "autodiscover.example.test:443")
                .contains("\"https://autodiscover.example.test/autodiscover"));
        HttpResponse<String> other = get(path + "ActiveSync");
        assertEquals(400, other.statusCode());
        assertTrue(other.body().contains("\"ErrorCode\":\"InvalidProtocol\""), other.body());
    }

    @Test
    void aTelephoneOfAppleGetsItsProfile() throws IOException {
        HttpResponse<String> answer = get(profile("ann@example.test"));
        assertEquals(200, answer.statusCode());
        assertEquals(
                "application/x-apple-aspen-config",
                answer.headers().firstValue("Content-Type").orElse(""));
        assertTrue(answer.body().contains("<string>ann@example.test</string>"), answer.body());
        assertTrue(answer.body().contains("<string>mail.example.test</string>"), answer.body());
    }

    /// One answer for an address that is there and one that is not: nobody learns which are.
    @Test
    void whetherAnAddressIsThereIsNotSaid() throws IOException {
        assertEquals(
                get("/mail/config-v1.1.xml?emailaddress=ann%40example.test").body(),
                get("/mail/config-v1.1.xml?emailaddress=not%40example.test").body());
        assertEquals(
                outlook("ann@example.test").body(),
                outlook("not@example.test").body().replace("not@", "ann@"));
        assertEquals(200, get(profile("not@example.test")).statusCode());
        assertEquals(
                200,
                get("/autodiscover/autodiscover.json?Email=not%40example.test&Protocol=autodiscoverv1")
                        .statusCode());
    }

    @Test
    void whatIsNotOursIsNotThere() throws IOException {
        for (String address :
                List.of("ann@elsewhere.test", "ann", "@example.test", "a&lt;b@example.test", "ann@x\0y")) {
            assertEquals(404, outlook(address.replace("\0", "_")).statusCode(), address);
            assertEquals(404, get(profile(address)).statusCode(), address);
        }
        for (String address : List.of("ann%40elsewhere.test", "ann", "%3Cb%3E")) {
            assertEquals(
                    404, get("/mail/config-v1.1.xml?emailaddress=" + address).statusCode(), address);
        }
        assertTrue(raw("/mail/config-v1.1.xml", "autoconfig.elsewhere.test").startsWith("HTTP/1.1 404"));
        assertEquals(404, get(SetUpDoor.PROFILE).statusCode());
        assertEquals(404, get("/autodiscover/autodiscover.json").statusCode());
    }

    @Test
    void whoAsksTooOftenHearsSo() throws IOException {
        int refused = 0;
        for (int i = 0; i < 3 * SetUpDoor.ASKED_EACH_MAX && refused == 0; i++) { // a minute may end meanwhile
            refused += get(profile("ann@example.test")).statusCode() == 503 ? 1 : 0;
        }
        assertEquals(1, refused);
    }

    @Test
    void peopleReadWhatToTypeAndHaveTheShorterWays() throws IOException {
        String page = get(SetUpDoor.pathOf(SetUpDoor.PAGE, "ann@example.test")).body();
        for (String part : List.of(
                "mail.example.test",
                "995",
                "465",
                "587",
                "ann@example.test",
                "/set-up/mail.mobileconfig?address=ann%40example.test",
                "Thunderbird",
                "<svg class=\"qr\"")) {
            assertTrue(page.contains(part), part + " in " + page);
        }
        String other = get(SetUpDoor.pathOf(SetUpDoor.PAGE, "not@example.test")).body();
        assertEquals(plain(page).replace("ann@", "not@").replace("ann%40", "not%40"), plain(other));
    }

    /// Without the picture, and without what is another in each session.
    private static String plain(String page) {
        return page.replaceAll("<path[^>]*>", "").replaceAll("name=\"csrf\" value=\"[^\"]*\"", "");
    }

    @Test
    void whoHasNoAddressOrAnothersIsAskedForOne() throws IOException {
        HttpResponse<String> empty = get(SetUpDoor.PAGE);
        assertEquals(200, empty.statusCode());
        assertTrue(empty.body().contains("name=\"address\""), empty.body());
        HttpResponse<String> other = get(SetUpDoor.PAGE + "?address=%3Cscript%3E%40elsewhere.test");
        assertEquals(404, other.statusCode());
        assertTrue(other.body().contains("value=\"&lt;script>@elsewhere.test\""), other.body());
    }

    @Test
    void programsThatRunTheHouseReadTheSameByRest() throws IOException {
        String path = "/api/v1/domains/example.test/set-up";
        HttpResponse<String> answer = rig.api("GET", path, rig.token("postmaster@example.test"), "");
        assertEquals(200, answer.statusCode());
        assertTrue(
                answer.body()
                        .startsWith("{\"domain\":\"example.test\",\"login\":\"address\",\"services\":[{\"service\":"
                                + "\"submissions\",\"host\":\"mail.example.test\",\"port\":465,\"tls\":\"at once\"}"),
                answer.body());
        assertEquals(
                403, rig.api("GET", path, rig.token("ann@example.test"), "").statusCode());
        assertEquals(
                404,
                rig.api("GET", "/api/v1/domains/no.test/set-up", rig.token("admin"), "")
                        .statusCode());
    }
}
