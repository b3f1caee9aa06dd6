"""Where programs find problems and measures."""

from django.urls import path

from analytics.api.measure_steps import MeasureStepsViewSet
from analytics.api.measures import MeasuresViewSet
from analytics.api.problems import ProblemsViewSet

problems = ProblemsViewSet.as_view({"get": "list", "post": "create"})
problem = ProblemsViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
problem_evidence = ProblemsViewSet.as_view({"post": "evidence"})
problem_score = ProblemsViewSet.as_view({"post": "score"})
measures = MeasuresViewSet.as_view({"get": "list", "post": "create"})
measure = MeasuresViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
measure_score = MeasuresViewSet.as_view({"post": "score"})
steps = MeasureStepsViewSet.as_view({"get": "list", "post": "create"})
step = MeasureStepsViewSet.as_view({"patch": "partial_update", "delete": "destroy"})

IMPROVEMENT = [
    path("v1/problems/", problems, name="problems"),
    path("v1/problems/<int:pk>/", problem, name="problem-detail"),
    path("v1/problems/<int:pk>/evidence/", problem_evidence, name="problem-evidence"),
    path("v1/problems/<int:pk>/score/", problem_score, name="problem-score"),
    path("v1/measures/", measures, name="measures"),
    path("v1/measures/<int:pk>/", measure, name="measure-detail"),
    path("v1/measures/<int:pk>/score/", measure_score, name="measure-score"),
    path("v1/measures/<int:pk>/steps/", steps, name="measure-steps"),
    path("v1/measures/<int:pk>/steps/<int:step>/", step, name="measure-step"),
]
