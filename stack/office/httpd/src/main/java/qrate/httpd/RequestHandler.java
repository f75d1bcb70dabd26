package qrate.httpd;

import java.io.IOException;

/// What answers requests. May be asked by many threads at once.
public interface RequestHandler {
    /// Answers a request that was read whole.
    ///
    /// @throws IOException when what it needs does not answer: the client gets 503
    Answer answer(Asked asked) throws IOException;

    /// Says why a request is not answered: 400, 413, 500 or 503.
    ///
    /// @param asked with an empty body where it was not read
    Answer refusal(Asked asked, int status) throws IOException;

    /// Counts an answer.
    void answered(int status);
}
