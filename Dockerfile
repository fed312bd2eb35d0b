# recare in a container: the command `recare run`, not as root, all data in /data.
#
#   docker build --tag recare .
#   docker run --publish 127.0.0.1:8080:8080 --volume recare:/data --env-file .env recare

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /source
COPY requirements requirements
RUN python -m venv /backend \
    && /backend/bin/python -m pip install --require-hashes --requirement requirements/build.txt \
    && python -m venv /recare \
    && /recare/bin/python -m pip install --require-hashes --requirement requirements/run.txt
COPY . .
RUN /backend/bin/python -m pip wheel --no-deps --no-build-isolation --wheel-dir /wheel . \
    && /recare/bin/python -m pip install --no-deps --no-index /wheel/*.whl \
    && /recare/bin/python -m compileall -q /recare/lib

FROM python:3.13-slim
COPY --from=build /recare /recare
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin recare \
    && install --directory --owner=recare --group=recare --mode=0700 /data
ENV PATH=/recare/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /data
VOLUME /data
USER 10001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/health', timeout=4).close()"]
ENTRYPOINT ["recare"]
CMD ["run", "--host", "0.0.0.0", "--port", "8080"]
