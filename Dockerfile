# The program alone: no shell, no package manager, no root.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -tags nomsgpack -trimpath -ldflags '-s -w' -o /out/adalid ./cmd/adalid \
 && mkdir -p /out/data /out/tmp \
 && cp "$(go env GOROOT)/lib/time/zoneinfo.zip" /out/zoneinfo.zip

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/zoneinfo.zip /zoneinfo.zip
COPY --from=build /out/adalid /adalid
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build --chown=65532:65532 /out/tmp /tmp
ENV ADALID_DATA_DIR=/data ZONEINFO=/zoneinfo.zip
USER 65532:65532
VOLUME ["/data"]
EXPOSE 8080
ENTRYPOINT ["/adalid"]
CMD ["serve"]
