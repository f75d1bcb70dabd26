package qrate.local.plan;

import java.nio.file.Path;
import java.util.Optional;
import qrate.address.User;
import qrate.maildir.MaildirQuota;

/// Whose `.qmail` file it is, and what it may do.
///
/// @param user whose home it is; the extension is the user's
/// @param home where it stands, and what its lines are relative to
/// @param ext the extension its name was looked for with
/// @param rest what `default` in its name stands for
/// @param limit quota of the Maildirs below the home
/// @param programs whether programs may run
/// @param make whether a missing Maildir is made
public record Place(
        User user,
        Path home,
        String ext,
        Optional<String> rest,
        MaildirQuota.Limit limit,
        boolean programs,
        boolean make) {}
