"""The product's pages with the floors beside them; only the measured server has these."""

from django.urls import include, path

from analytics.bench import floors

urlpatterns = [
    path("bench/empty/", floors.empty),
    path("bench/query/", floors.one_query),
    path("bench/rows/", floors.rows_25),
    path("bench/three/", floors.three_queries),
    path("bench/search/", floors.bare_search),
    path("bench/texts/", floors.texts_of_a_month),
    path("bench/insert/", floors.one_insert),
    path("", include("config.urls")),
]
