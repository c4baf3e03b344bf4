package dev.warder.admin;

import dev.warder.admin.page.Page;
import dev.warder.http.Call;
import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.OwnResponse;
import dev.warder.json.JsonDocuments;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * A response of {@code /admin}. Immutable.
 *
 * @param contentType empty when there is no body
 * @param fields in addition to the usual ones
 * @param body the body, or its beginning
 * @param rest what follows, for an export of any length
 */
public record AdminReply(int status, String contentType, List<Field> fields, String body, Optional<Pieces> rest) {
    /** A text in pieces. One thread at a time. */
    @FunctionalInterface
    public interface Pieces {
        CompletableFuture<String> next();
    }

    public AdminReply(int status, String contentType, List<Field> fields, String body) {
        this(status, contentType, fields, body, Optional.empty());
    }

    static AdminReply json(int status, Record document) {
        return json(status, JsonDocuments.text(document));
    }

    /** @param document may have the secret of a token */
    static AdminReply json(int status, String document) {
        return new AdminReply(status, "application/json", List.of(), document);
    }

    /** A file whose type no browser guesses. */
    static AdminReply file(String type, String text) {
        return new AdminReply(200, type, List.of(new Field("X-Content-Type-Options", "nosniff")), text);
    }

    public static AdminReply page(int status, List<Field> fields, String page) {
        return new AdminReply(status, "text/html;charset=utf-8", fields, page);
    }

    /** A page with the common style sheet. */
    static AdminReply page(int status, String page) {
        return page(status, Page.commonFields(), page);
    }

    /** A small page for an error, with its status and fields. */
    static AdminReply page(ErrorReply reply, String page) {
        var fields = Stream.concat(reply.fields().stream(), Page.fields().stream());
        return page(reply.status(), fields.toList(), page);
    }

    /** Makes a browser keep a reply as a file. */
    static Field attachment(String name) {
        return new Field("Content-Disposition", "attachment; filename=\"" + name + "\"");
    }

    /** 303 (RFC 9110, section 15.4.4): the browser requests {@code location} next. */
    public static AdminReply seeOther(String location) {
        return new AdminReply(303, "", List.of(new Field("Location", location)), "");
    }

    public static AdminReply error(ErrorReply reply, String id) {
        return new AdminReply(
                        reply.status(),
                        "application/json",
                        reply.fields(),
                        new String(Dialect.ANTHROPIC.body(reply, id), StandardCharsets.UTF_8))
                .with(new Field("request-id", id));
    }

    public AdminReply with(Field field) {
        return new AdminReply(
                status,
                contentType,
                Stream.concat(fields.stream(), Stream.of(field)).toList(),
                body,
                rest);
    }

    /** This reply, at once. */
    CompletionStage<AdminReply> now() {
        return CompletableFuture.completedFuture(this);
    }

    public AdminReply followedBy(Pieces pieces) {
        return new AdminReply(status, contentType, fields, body, Optional.of(pieces));
    }

    /** The body in UTF-8. */
    byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    void head(HttpServletResponse response, Call call, long length) {
        response.setStatus(status);
        if (!contentType.isEmpty()) {
            response.setContentType(contentType);
        }
        if (rest.isEmpty()) {
            response.setContentLengthLong(length);
        } else {
            // nginx would keep the first piece until the last one:
            // https://nginx.org/en/docs/http/ngx_http_proxy_module.html
            response.setHeader("X-Accel-Buffering", "no");
        }
        response.setHeader("Cache-Control", "no-store");
        response.setHeader(OwnResponse.REQUEST_ID, call.id());
        fields.forEach(field -> response.addHeader(field.name(), field.value()));
    }

    void note(RequestRecord record, long length) {
        record.end(status < 400 ? RequestEnd.OK : RequestEnd.REFUSED, status, length);
    }
}
