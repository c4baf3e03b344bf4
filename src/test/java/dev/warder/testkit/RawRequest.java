package dev.warder.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A request in the making: exactly what is asked for, in that order. One thread at a time. */
public final class RawRequest {
    private final String method;
    private final String target;
    private final List<Field> fields = new ArrayList<>();
    private byte[] body = new byte[0];

    private RawRequest(String method, String target) {
        this.method = method;
        this.target = target;
    }

    /** A request with this method and request target, both sent as they are, and {@code Host: localhost}. */
    public static RawRequest of(String method, String target) {
        return bare(method, target).field("Host", "localhost");
    }

    /** The same without any field. */
    public static RawRequest bare(String method, String target) {
        return new RawRequest(method, target);
    }

    /** Adds a field line. */
    public RawRequest field(String name, String value) {
        fields.add(new Field(name, value));
        return this;
    }

    /** Sets the body and adds its {@code Content-Length}. */
    public RawRequest body(byte[] bytes) {
        body = bytes.clone();
        return field("Content-Length", Integer.toString(bytes.length));
    }

    /** Adds the token as a bearer token. */
    public RawRequest bearer(String token) {
        return field("Authorization", "Bearer " + token);
    }

    /** Sets a JSON body with its Content-Type and length. */
    public RawRequest json(String text) {
        return field("Content-Type", "application/json").body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The method. */
    public String method() {
        return method;
    }

    /** The request target as it is sent. */
    public String target() {
        return target;
    }

    FieldList fields() {
        return new FieldList(fields);
    }

    /** The body as UTF-8. */
    String body() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The head alone, with its closing empty line. */
    public String head() {
        return method + " " + target + " HTTP/1.1\r\n" + WireReader.WireText.lines(fields);
    }

    /** The whole request; field values are written as ISO 8859-1. */
    public byte[] bytes() {
        var all = new ByteArrayOutputStream();
        all.writeBytes(WireReader.WireText.bytes(head()));
        all.writeBytes(body);
        return all.toByteArray();
    }

    boolean asksForHeadOnly() {
        return method.equals("HEAD");
    }
}
