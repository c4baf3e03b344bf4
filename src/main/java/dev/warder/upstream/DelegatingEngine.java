package dev.warder.upstream;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The engine of a connection to a target, on which subclasses put what comes before it or below it. As thread-safe as that. */
abstract class DelegatingEngine extends SSLEngine {
    final SSLEngine target;

    DelegatingEngine(SSLEngine target) {
        super(target.getPeerHost(), target.getPeerPort());
        this.target = target;
    }

    @Override
    public @Nullable Runnable getDelegatedTask() {
        return target.getDelegatedTask();
    }

    @Override
    public void closeInbound() throws SSLException {
        target.closeInbound();
    }

    @Override
    public boolean isInboundDone() {
        return target.isInboundDone();
    }

    @Override
    public void closeOutbound() {
        target.closeOutbound();
    }

    @Override
    public boolean isOutboundDone() {
        return target.isOutboundDone();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return target.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return target.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        target.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return target.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return target.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        target.setEnabledProtocols(protocols);
    }

    @Override
    public SSLSession getSession() {
        return target.getSession();
    }

    @Override
    public void beginHandshake() throws SSLException {
        target.beginHandshake();
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        return target.getHandshakeStatus();
    }

    @Override
    public void setUseClientMode(boolean client) {
        target.setUseClientMode(client);
    }

    @Override
    public boolean getUseClientMode() {
        return target.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        target.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return target.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        target.setWantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return target.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean enabled) {
        target.setEnableSessionCreation(enabled);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return target.getEnableSessionCreation();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return target.getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        target.setSSLParameters(parameters);
    }

    @Override
    public @Nullable String getApplicationProtocol() {
        return target.getApplicationProtocol();
    }
}
