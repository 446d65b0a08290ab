SELECT name, collector, settings FROM source
