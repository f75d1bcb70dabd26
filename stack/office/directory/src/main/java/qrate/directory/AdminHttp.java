package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.core.JsonWriter;

/// Requests to the admin service.
///
/// The JDK's older client: a command that asks by `java.net.http` starts in four times the time.
///
/// @param api what paths are relative to
/// @param token that says who asks
record AdminHttp(URI api, String token) {
    private static final int CONNECT_MILLIS_MAX = 5000;
    private static final int ANSWER_MILLIS_MAX = 30_000;
    private static final int ANSWER_BYTES_MAX = 64 << 20;
    private static final int FAILED = 400;

    private static final Pattern NEXT = Pattern.compile("<[^<>?]*+(\\?[^<>?]*+)>; rel=\"next\"");

    /// An answer.
    ///
    /// @param next query of the part behind this one; empty where it is the last (RFC 8288)
    record Response(int status, byte[] body, String next) {
        /// The objects of a list.
        List<Map<String, Object>> rows() throws IOException {
            if (!(Json.value(body) instanceof List<?> items)) {
                throw new IOException("admin: not a list");
            }
            List<Map<String, Object>> rows = new ArrayList<>();
            for (Object item : items) {
                rows.add(Json.asObject(item));
            }
            return rows;
        }
    }

    Response send(String method, String path, Map<String, Object> body) throws IOException {
        boolean asks = method.equals("GET");
        try {
            return exchange(method, path, body);
        } catch (ConnectException e) {
            throw new Trouble("the admin service does not take a connection", Trouble.Saved.NOTHING, e);
        } catch (SocketException | SocketTimeoutException e) {
            throw new Trouble(
                    "the admin service took the request and did not answer: " + e.getMessage(),
                    asks ? Trouble.Saved.NOTHING : Trouble.Saved.UNKNOWN,
                    e);
        }
    }

    Response exchange(String method, String path, Map<String, Object> body) throws IOException {
        if (!(api.resolve(path).toURL().openConnection() instanceof HttpURLConnection request)) {
            throw new IOException("admin: " + api + " is not an address of HTTP");
        }
        request.setRequestMethod(method);
        request.setConnectTimeout(CONNECT_MILLIS_MAX);
        request.setReadTimeout(ANSWER_MILLIS_MAX);
        request.setInstanceFollowRedirects(false);
        request.setRequestProperty("Authorization", "Bearer " + token);
        if (!body.isEmpty()) {
            byte[] json = JsonWriter.write(body).getBytes(UTF_8);
            request.setRequestProperty("Content-Type", "application/json");
            request.setDoOutput(true);
            request.setFixedLengthStreamingMode(json.length); // else it would be sent twice where no answer comes
            try (OutputStream out = request.getOutputStream()) {
                out.write(json);
            }
        }
        int status = request.getResponseCode();
        try (InputStream in = status < FAILED ? request.getInputStream() : request.getErrorStream()) {
            byte[] bytes = in == null ? new byte[0] : in.readNBytes(ANSWER_BYTES_MAX + 1);
            if (bytes.length > ANSWER_BYTES_MAX) {
                throw new IOException("admin: an answer of more than " + ANSWER_BYTES_MAX + " bytes");
            }
            String links = request.getHeaderField("Link");
            Matcher next = NEXT.matcher(links == null ? "" : links);
            return new Response(status, bytes, next.find() ? next.group(1) : "");
        }
    }
}
