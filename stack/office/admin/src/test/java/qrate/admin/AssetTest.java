package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What pages load: kept for a year by the name that pages have for it, for an hour by any other.
class AssetTest extends AdminOnRig {
    private static final String YEAR = "max-age=31536000, immutable";
    private static final String HOUR = "max-age=3600";

    private static String kept(HttpResponse<String> answer) {
        return answer.headers().firstValue("Cache-Control").orElse("");
    }

    @ParameterizedTest
    @EnumSource
    void theNameOnPagesIsOfWhatIsInItAndIsKeptForAYear(Asset asset) throws IOException {
        HttpResponse<String> named = rig.browser().get(asset.link());
        assertEquals(200, named.statusCode());
        assertEquals(YEAR, kept(named));
        assertTrue(asset.link().matches("/[a-z]+\\.(css|js)\\?v=[0-9a-f]{16}"), asset.link());
        String path = asset.link().substring(0, asset.link().indexOf('?'));
        for (String other : List.of(path, path + "?v=", path + "?v=0123456789abcdef", asset.link() + "0")) {
            HttpResponse<String> answer = rig.browser().get(other);
            assertEquals(HOUR, kept(answer), other);
            assertEquals(named.body(), answer.body(), other);
        }
    }

    @Test
    void pagesSayThatName() throws IOException {
        String page = rig.browser().get("/sign-in").body();
        assertTrue(page.contains("<link rel=\"stylesheet\" href=\"" + Asset.STYLE.link() + "\">"), page);
        assertTrue(page.contains("<script src=\"" + Asset.PASSKEYS.link() + "\" defer>"), page);
    }

    @Test
    void theStyleAndAPageGoInGzipToWhoTakesIt() throws Exception {
        Rig.Browser admin = rig.browser().signIn("admin");
        for (String path : List.of(Asset.STYLE.link(), "/domains/example.test")) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(rig.url() + path))
                    .header("Accept-Encoding", "gzip")
                    .header("Cookie", admin.cookie)
                    .build();
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
                assertEquals(
                        "gzip", answer.headers().firstValue("Content-Encoding").orElse(""), path);
                assertEquals(
                        "Accept-Encoding", answer.headers().firstValue("Vary").orElse(""), path);
                try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
                    String text = new String(in.readAllBytes(), UTF_8);
                    String plain = admin.get(path).body();
                    assertEquals(withoutTokens(plain), withoutTokens(text), path);
                    assertTrue(answer.body().length * 2 < plain.length(), path);
                }
            }
        }
    }

    private static String withoutTokens(String page) {
        return page.replaceAll("name=\"csrf\" value=\"[^\"]*\"", "");
    }
}
