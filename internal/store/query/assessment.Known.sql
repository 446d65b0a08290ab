SELECT author, automated, organisation, said FROM assessment WHERE brand = ? ORDER BY author
