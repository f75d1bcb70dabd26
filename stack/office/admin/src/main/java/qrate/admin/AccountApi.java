package qrate.admin;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.FactorShapes;
import qrate.directory.Json;
import qrate.directory.Principal;
import qrate.directory.Property;
import qrate.directory.RecoveryCodes;
import qrate.directory.Refusal;

/// Whoever asks, below `/api/v1/me`: who it is, what it sets of its mailbox, its second factor.
///
/// What makes the account easier to get into takes what signing in takes, since a token may have been found: the
/// password, and a code where there is a second factor. A second factor is set up and switched off on the pages alone:
/// a passkey is made by a browser at its site, and whoever reads the codes of a program sits before it.
final class AccountApi {
    private static final String ME = "/api/v1/me";
    private static final String PASSKEY = ME + "/passkeys/{id}";
    private static final String LANGUAGE = "language";
    private static final String APP_ONLY = "appOnly";

    private final Domains domains;
    private final OwnPassword own;
    private final SecureRandom random = new SecureRandom();

    AccountApi(Domains domains, OwnPassword own) {
        this.domains = domains;
        this.own = own;
    }

    void register(Router router) {
        router.add("GET", ME, Access.SIGNED_IN, AccountApi::me);
        router.add(
                "PATCH",
                ME,
                Access.SIGNED_IN,
                Takes.body(LANGUAGE, APP_ONLY, OwnPassword.MEMBER, OwnPassword.CODE),
                this::change);
        router.add(
                "GET",
                ME + "/second-factor",
                Access.SIGNED_IN,
                r -> new Reply.Data(200, FactorShapes.of(domains.secondFactors().of(r.name()))));
        Takes proof = Takes.body(OwnPassword.MEMBER, OwnPassword.CODE);
        router.add("DELETE", PASSKEY, Access.SIGNED_IN, proof, this::removePasskey);
        router.add("POST", ME + "/recovery-codes", Access.SIGNED_IN, proof, this::newCodes);
    }

    private static Reply me(Request request) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("name", request.name());
        shape.put(
                "role",
                switch (request.principal()) {
                    case Principal.Administrator _ -> "administrator";
                    case Principal.Postmaster _ -> "postmaster";
                    case Principal.Owner _ -> "owner";
                });
        shape.put("scope", request.scope().word());
        return new Reply.Data(200, shape);
    }

    /// What an owner may set of a mailbox beside its forward and its vacation.
    private Reply change(Request request) throws IOException {
        Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(request.name());
        if (mailbox.isEmpty()) {
            return Api.reply(Change.refuse(Refusal.Key.MAILBOX_MISSING, request.name()));
        }
        Map<Property, Object> values = Api.body(request, body -> {
            Map<Property, Object> said = new LinkedHashMap<>();
            if (body.containsKey(LANGUAGE)) {
                said.put(Property.LANGUAGE, Json.text(body, LANGUAGE));
            }
            if (body.containsKey(APP_ONLY)) {
                said.put(Property.APP_ONLY, Json.truth(body, APP_ONLY, false));
            }
            return said;
        });
        boolean opens = mailbox.get().is(Property.APP_ONLY) && Boolean.FALSE.equals(values.get(Property.APP_ONLY));
        Optional<Reply> refusal = opens ? own.unproved(request) : Optional.empty();
        return refusal.isPresent()
                ? refusal.get()
                : Api.reply(domains.apply(new Edit.Modify(request.name(), values), request.actor()));
    }

    private Reply removePasskey(Request request) throws IOException {
        String id = request.path("id");
        if (domains.passkeys().of(request.name()).stream()
                .noneMatch(one -> one.id().equals(id))) {
            return Api.reply(Change.refuse(Refusal.Key.PASSKEY_MISSING));
        }
        Optional<Reply> refusal = own.unproved(request);
        return refusal.isPresent()
                ? refusal.get()
                : Api.reply(domains.apply(new Edit.RemovePasskey(request.name(), id), request.actor()));
    }

    private Reply newCodes(Request request) throws IOException {
        Optional<Reply> refusal = own.unproved(request);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        RecoveryCodes codes = RecoveryCodes.make(random);
        return Api.made(
                domains.apply(new Edit.SetRecoveryCodes(request.name(), codes), request.actor()),
                "/me/second-factor",
                () -> Optional.of(Map.of("codes", List.copyOf(codes.texts()))));
    }
}
